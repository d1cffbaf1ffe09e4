/// The chat loop: message, model turn, tool calls through gateway.call, answer.
@NullMarked
package mistmcp.gateway.chat;

import org.jspecify.annotations.NullMarked;
