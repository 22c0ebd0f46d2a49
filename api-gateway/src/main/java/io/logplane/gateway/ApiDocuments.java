package io.logplane.gateway;

import io.logplane.gateway.http.OpenApiDocuments;
import io.logplane.representation.openapi.OpenApi;
import io.logplane.schemas.types.ResourceTypes;
import java.util.Optional;

/// The API's description from the module representation. Thread: any.
final class ApiDocuments implements OpenApiDocuments {
    private final OpenApi openApi = new OpenApi(ResourceTypes.ALL, "1.36");

    @Override
    public byte[] v2Json() {
        return openApi.v2Json().bytes();
    }

    @Override
    public byte[] v2Protobuf() {
        return openApi.v2Protobuf().bytes();
    }

    @Override
    public byte[] v3Index() {
        return openApi.v3Index().bytes();
    }

    @Override
    public Optional<byte[]> v3(String path) {
        return openApi.v3(path).map(OpenApi.Document::bytes);
    }
}
