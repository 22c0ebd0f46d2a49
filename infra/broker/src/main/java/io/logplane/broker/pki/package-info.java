/// Two public key infrastructures that never trust each other: one for Kafka, one for the Kubernetes API.
///
/// Here: creating, keeping and renewing certificates as files. Not here: using them (clients get ready-made settings).
/// Read first: [io.logplane.broker.pki.CertificateAuthority], then [io.logplane.broker.pki.KafkaPki].
/// Threads: called once at start by the thread that assembles the process; values afterwards.
@NullMarked
package io.logplane.broker.pki;

import org.jspecify.annotations.NullMarked;
