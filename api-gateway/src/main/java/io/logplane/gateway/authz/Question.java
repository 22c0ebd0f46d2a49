package io.logplane.gateway.authz;

import io.logplane.gateway.authn.User;
import io.logplane.gateway.request.FieldSelector;
import io.logplane.gateway.request.RequestInfo;
import io.logplane.schemas.model.LabelSelector;

/// Whether a user may do this.
///
/// Shape: the selectors say what part of a collection a list, a watch or a deletecollection is about.
public record Question(User user, RequestInfo info, FieldSelector fields, LabelSelector labels) {
    public static Question of(User user, RequestInfo info) {
        return new Question(user, info, FieldSelector.EVERYTHING, LabelSelector.EVERYTHING);
    }
}
