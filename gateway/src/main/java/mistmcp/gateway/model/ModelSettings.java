package mistmcp.gateway.model;

import java.net.URI;
import java.util.Optional;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// Which model answers the chat.
public sealed interface ModelSettings {
    /// The built-in planner, the default.
    record Planner() implements ModelSettings {}

    /// A provider that speaks OpenAI's Chat Completions; with an address of its own also vLLM, LM Studio and
    /// others.
    record OpenAi(String name, Optional<URI> url, Secret key) implements ModelSettings {}

    /// Anthropic's Messages.
    record Anthropic(String name, Optional<URI> url, Secret key) implements ModelSettings {}

    /// An Ollama server.
    record Ollama(String name, URI url) implements ModelSettings {}

    /// Reads `MODEL_PROVIDER` (`planner`), `MODEL_NAME`, `MODEL_URL`, `MODEL_API_KEY`.
    static ModelSettings read(Env env) {
        var provider = env.text("MODEL_PROVIDER", "planner");
        var url = env.address("MODEL_URL");
        var name = env.text("MODEL_NAME");
        var key = env.secret("MODEL_API_KEY");
        switch (provider) {
            case "planner" -> {}
            case "openai", "anthropic", "ollama" -> {
                if (name.isEmpty()) {
                    env.fault("MODEL_NAME", "is needed with `MODEL_PROVIDER=" + provider + "`");
                }
            }
            default -> env.fault("MODEL_PROVIDER", "expected `planner`, `openai`, `anthropic` or `ollama`");
        }
        boolean keyed = provider.equals("anthropic") || (provider.equals("openai") && url.isEmpty());
        if (keyed && key.isEmpty()) {
            env.fault("MODEL_API_KEY", "is needed with `MODEL_PROVIDER=" + provider + "`");
        }
        return switch (provider) {
            case "openai" -> new OpenAi(name.orElse(""), url, key.orElse(new Secret("none")));
            case "anthropic" -> new Anthropic(name.orElse(""), url, key.orElse(new Secret("none")));
            case "ollama" -> new Ollama(name.orElse(""), url.orElse(URI.create("http://127.0.0.1:11434")));
            default -> new Planner();
        };
    }
}
