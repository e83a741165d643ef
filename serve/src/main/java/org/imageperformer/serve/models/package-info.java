/** Folders of models, their versions, and what is loaded of them. */
package org.imageperformer.serve.models;
