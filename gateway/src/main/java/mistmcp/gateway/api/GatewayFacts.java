package mistmcp.gateway.api;

import java.util.function.BooleanSupplier;

/// What `/whoami` and `/auth/session` say about the gateway itself.
///
/// @param writeEnabled whether writes are on now; asked on each call, as the switch can be moved at run time
/// @param simulated    whether the Mist behind it is the simulator
/// @param mistHost     the host of the Mist API
/// @param model        who answers in the chat: `planner/1`, `openai/gpt-5`
public record GatewayFacts(BooleanSupplier writeEnabled, boolean simulated, String mistHost, String model) {}
