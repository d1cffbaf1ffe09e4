package mistmcp.gateway.model;

/// What turns a message into tool calls and an answer: the planner, or a provider's model. A model is not
/// trusted: it reaches tools through the desk only, and the desk asks the call gate. Safe for several
/// threads.
public interface Model {
    /// Who answers, for people, the audit and spans: `planner/1`, `openai/gpt-5`.
    String id();

    /// One line that says what it is.
    String label();

    /// Answers the last message of an ask; calls tools on the way.
    ///
    /// @param desk where tool calls are made and where text goes as it comes
    Reply answer(Ask ask, Desk desk) throws InterruptedException;
}
