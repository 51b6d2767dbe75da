/** The kinds of the group pawl.dev, as the API server stores them. */
package dev.pawl.crd;
