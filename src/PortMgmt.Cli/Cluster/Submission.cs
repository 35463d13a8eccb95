using PortMgmt.Cluster;

namespace PortMgmt.Cli.Cluster;

/// <summary>One line of the input, as it is sent.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Outgoing">What is sent.</param>
internal sealed record Submission(long Line, ClusterOperation Outgoing);
