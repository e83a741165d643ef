/** Trainings and predictions on Apache Spark; the only module that knows it. */
package org.imageperformer.cluster;
