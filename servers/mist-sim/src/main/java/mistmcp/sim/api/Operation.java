package mistmcp.sim.api;

import java.util.function.Function;

/// One operation of the Mist API.
///
/// @param id   its operationId in the OpenAPI document
/// @param path with parts in braces, such as `/api/v1/sites/{site_id}`
public record Operation(String id, String method, String path, Function<Call, Answer> handler) {
    static Operation get(String id, String path, Function<Call, Answer> handler) {
        return new Operation(id, "GET", "/api/v1" + path, handler);
    }

    static Operation post(String id, String path, Function<Call, Answer> handler) {
        return new Operation(id, "POST", "/api/v1" + path, handler);
    }

    static Operation put(String id, String path, Function<Call, Answer> handler) {
        return new Operation(id, "PUT", "/api/v1" + path, handler);
    }

    static Operation delete(String id, String path, Function<Call, Answer> handler) {
        return new Operation(id, "DELETE", "/api/v1" + path, handler);
    }
}
