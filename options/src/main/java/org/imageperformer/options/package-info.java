/**
 * Options as rows: one row says an option's name, type, default, check, help and what it affects,
 * and everything else (parsing, help, files, what a resume may change) follows from it. Knows
 * nothing of models, data sets, trainings or command lines.
 */
package org.imageperformer.options;
