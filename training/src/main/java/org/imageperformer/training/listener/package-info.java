/** What a training tells to whoever listens, and the listeners of the product. */
package org.imageperformer.training.listener;
