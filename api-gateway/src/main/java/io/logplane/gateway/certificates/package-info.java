/// The built-in signers of certificate requests.
///
/// Not here: who may approve or sign, which is the admission step `Certificates`; taking old requests away, which is a
/// controller. Read [io.logplane.gateway.certificates.CertificateSigner] first. Thread: one virtual thread per gateway.
@NullMarked
package io.logplane.gateway.certificates;

import org.jspecify.annotations.NullMarked;
