package io.logplane.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.extension.types.CustomRules;
import io.logplane.gateway.aggregation.GuestDescriptions;
import io.logplane.gateway.custom.Catalogue;
import io.logplane.gateway.http.OpenApiDocuments;
import io.logplane.representation.openapi.OpenApi;
import io.logplane.schemas.model.Json;
import io.logplane.schemas.types.TypeCatalogue;
import java.util.Map;
import java.util.Optional;

/// The API's description from the module representation, of the types there are now. Thread: any.
final class ApiDocuments implements OpenApiDocuments {
    private final Catalogue catalogue;
    private final GuestDescriptions guests;
    /// Two at once may make two, one of which is forgotten.
    private volatile Made made;
    private volatile Joined joined;

    private record Made(long generation, OpenApi openApi) {
    }

    /// With what other servers say of themselves.
    private record Joined(OpenApi own, Map<String, ObjectNode> parts, OpenApi whole) {
    }

    ApiDocuments(Catalogue catalogue, GuestDescriptions guests) {
        this.guests = guests;
        this.catalogue = catalogue;
        TypeCatalogue types = catalogue.current();
        this.made = new Made(types.generation(), new OpenApi(types.all(), "1.36",
                type -> type.rules() instanceof CustomRules rules ? Optional.of(rules.schema()) : Optional.empty()));
        this.joined = new Joined(made.openApi, Map.of(), made.openApi);
    }

    private OpenApi of(TypeCatalogue types) {
        Made last = made;
        if (last.generation != types.generation()) {
            last = new Made(types.generation(), last.openApi.with(types.all()));
            made = last;
        }
        return last.openApi;
    }

    @Override
    public byte[] v2Json() {
        return withOthers().v2Json().bytes();
    }

    @Override
    public byte[] v2Protobuf() {
        return withOthers().v2Protobuf().bytes();
    }

    private OpenApi withOthers() {
        OpenApi own = of(catalogue.fresh());
        Map<String, ObjectNode> parts = guests.parts();
        if (parts.isEmpty()) {
            return own;
        }
        Joined last = joined;
        if (last.own != own || !same(last.parts, parts)) {
            last = new Joined(own, parts, own.joined(parts));
            joined = last;
        }
        return last.whole;
    }

    /// Whether they are the same objects: comparing what is in them would take longer than making the document.
    private static boolean same(Map<String, ObjectNode> some, Map<String, ObjectNode> others) {
        return some.keySet().equals(others.keySet()) && some.entrySet().stream().allMatch(part -> others.get(part
                .getKey()) == part.getValue());
    }

    @Override
    public byte[] v3Index() {
        byte[] own = of(catalogue.fresh()).v3Index().bytes();
        Map<String, String> others = guests.addresses();
        if (others.isEmpty()) {
            return own;
        }
        ObjectNode index = Json.object(own);
        ObjectNode paths = index.withObjectProperty("paths");
        others.forEach((path, address) -> {
            JsonNode unused = paths.remove(path);
            if (!address.isEmpty()) {
                paths.putObject(path).put("serverRelativeURL", address);
            }
        });
        return Json.bytes(index);
    }

    @Override
    public Optional<byte[]> v3(String path) {
        if (guests.addresses().containsKey(path)) {
            return guests.document(path);
        }
        return of(catalogue.current()).v3(path).or(() -> of(catalogue.fresh()).v3(path)).map(OpenApi.Document::bytes);
    }
}
