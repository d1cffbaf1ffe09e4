package mistmcp.gateway.upstream;

import java.util.List;
import java.util.regex.Pattern;
import mistmcp.json.JsonObject;

/// Which URIs a server's resources and templates (RFC 6570, level 1 and `{+path}`) cover.
final class UriTemplates {
    private static final Pattern EXPRESSION = Pattern.compile("\\{([^}]*)}");
    private static final int MAX_TEMPLATE = 2000;

    private UriTemplates() {}

    static boolean serves(List<JsonObject> resources, List<JsonObject> templates, String uri) {
        return resources.stream()
                        .anyMatch(resource ->
                                resource.string("uri").filter(uri::equals).isPresent())
                || templates.stream()
                        .anyMatch(template -> template.string("uriTemplate")
                                .filter(text -> fits(text, uri))
                                .isPresent());
    }

    private static boolean fits(String template, String uri) {
        if (template.length() > MAX_TEMPLATE || uri.length() > MAX_TEMPLATE) {
            return false;
        }
        var expressions = EXPRESSION.matcher(template);
        var regex = new StringBuilder();
        int at = 0;
        while (expressions.find()) {
            regex.append(Pattern.quote(template.substring(at, expressions.start())));
            boolean slashes = expressions.group(1).startsWith("+");

            regex.append(slashes ? "(.+)" : "([^/]+)");
            at = expressions.end();
        }
        regex.append(Pattern.quote(template.substring(at)));
        return Pattern.matches(regex.toString(), uri);
    }
}
