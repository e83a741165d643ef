/** How much a model's logits change when positions or pictures are moved. */
package org.imageperformer.tools.equivariance;
