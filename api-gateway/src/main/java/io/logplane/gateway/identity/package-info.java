/// The settings of who is believed and who decides: files in kube-apiserver's format, checked and compiled.
///
/// Here: reading the settings, and what a token's claims make of a user; everything pure. Not here: files, HTTPS and
/// signatures (`remote`), the chains that use it (`authn`, `authz`).
/// Read first: [io.logplane.gateway.identity.AuthenticationSettings], then [io.logplane.gateway.identity.JwtRules].
/// Threads: any; everything is immutable once read.
@NullMarked
package io.logplane.gateway.identity;

import org.jspecify.annotations.NullMarked;
