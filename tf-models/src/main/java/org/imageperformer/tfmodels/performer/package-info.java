/** The Performers of the paper (models.md). */
package org.imageperformer.tfmodels.performer;
