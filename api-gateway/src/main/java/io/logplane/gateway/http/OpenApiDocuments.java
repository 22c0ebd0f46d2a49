package io.logplane.gateway.http;

import java.util.Optional;

/// The API's description. Thread: any.
public interface OpenApiDocuments {
    byte[] v2Json();

    byte[] v2Protobuf();

    /// The list of group versions, each with its hash.
    byte[] v3Index();

    /// Shape: `path` as in the index, `api/v1` or `apis/apps/v1`; empty when there is no such document.
    Optional<byte[]> v3(String path);
}
