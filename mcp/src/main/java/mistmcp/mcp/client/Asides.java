package mistmcp.mcp.client;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mistmcp.jsonrpc.Envelope;

/// Where the messages go that a server over HTTP sends beside its answers: what tells of a change to whoever
/// listens now, the rest to the request that it belongs to.
record Asides(Supplier<ServerChanges> changes) {
    /// Beside the answer to a request of the modern era: a server asks within its results, never beside them.
    Aside of(Dialogue dialogue) {
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                if (!told(note)) {
                    dialogue.note(note);
                }
            }

            @Override
            public void asked(Envelope.Request request) {}
        };
    }

    /// Beside the answer to a request of the legacy era.
    Aside of(Inquirer inquirer) {
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                if (!told(note)) {
                    inquirer.dialogue().note(note);
                }
            }

            @Override
            public void asked(Envelope.Request request) {
                inquirer.asked(request);
            }
        };
    }

    /// On a session's GET stream. What comes there names no request of ours: it goes to the newest that is
    /// out. The session is one principal's, so it reaches nobody else.
    ///
    /// @param back takes the message that answers the server
    Aside of(LegacySessions.LegacySession session, Consumer<byte[]> back) {
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                var newest = Optional.ofNullable(session.out().peekLast());
                if (!told(note)) {
                    newest.ifPresent(inquirer -> inquirer.dialogue().note(note));
                }
            }

            @Override
            public void asked(Envelope.Request request) {
                Optional.ofNullable(session.out().peekLast())
                        .ifPresentOrElse(
                                inquirer -> inquirer.asked(request), () -> back.accept(Dialogue.nobody(request)));
            }
        };
    }

    private boolean told(Envelope.Notification note) {
        return ChangeNotes.told(note, changes.get());
    }
}
