/** The Performers of the paper (models.md), and EquivariantPerformer (docs/equivariant.md). */
package org.imageperformer.tfmodels.performer;
