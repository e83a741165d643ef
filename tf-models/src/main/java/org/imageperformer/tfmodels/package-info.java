/** Image Performers as TensorFlow graphs. */
package org.imageperformer.tfmodels;
