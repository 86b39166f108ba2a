"""What both SOFTSWISS APIs share: the signature, the codes, games as ``provider:identifier``, the launch."""
