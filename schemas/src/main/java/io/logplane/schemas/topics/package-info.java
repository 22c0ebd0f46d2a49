/// Every Kafka topic of Logplane, declared once: shape, retention, who writes, who reads.
///
/// Read first: [io.logplane.schemas.topics.Topics]. Values only; creating topics and ACLs is the broker module's work.
@NullMarked
package io.logplane.schemas.topics;

import org.jspecify.annotations.NullMarked;
