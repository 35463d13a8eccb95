namespace PortMgmt.Cluster;

/// <summary>What goes to another node: an id, a type and an input. Never code.</summary>
/// <param name="Id">The operation's id, unique in its batch, at most <see cref="ClusterLimits.MaxIdBytes"/> of UTF-8.</param>
/// <param name="Type">Which kind of operation, a <see cref="ClusterName"/>: workers map it to what they run.</param>
/// <param name="Input">One JSON value in UTF-8, at most <see cref="ClusterLimits.MaxInputBytes"/>.</param>
internal readonly record struct ClusterOperation(string Id, string Type, ReadOnlyMemory<byte> Input);
