namespace PortMgmt.Cluster.Transport;

/// <summary>What a batch has counted so far.</summary>
/// <param name="Published">Operations that the broker has taken from this submitter.</param>
/// <param name="Resumed">Operations that an earlier submitter of the batch had sent, which were not sent again.</param>
/// <param name="Results">Operations that have a result.</param>
/// <param name="Repeats">Results that came for an operation that had one, and were dropped.</param>
/// <param name="Reconnects">How often the connection was lost and made again.</param>
internal readonly record struct ClusterBatchCounts(long Published, long Resumed, long Results, long Repeats, int Reconnects);
