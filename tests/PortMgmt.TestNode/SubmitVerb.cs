using PortMgmt.Cluster.Transport;

namespace PortMgmt.TestNode;

/// <summary>A submitter of so many operations with the ids 1, 2, 3, …; writes the id and the status of each result on a line, and its counts at the end.</summary>
internal static class SubmitVerb
{
    public static async Task<int> RunAsync(string cluster, string batchId, string type, int count, string input)
    {
        ClusterBatchCounts counts = await TestSubmitter.RunAsync(
            TestCluster.Of(cluster, "submitter"), new ClusterBatchOptions { BatchId = batchId, OnNotice = notice => Console.WriteLine("notice " + notice) }, type, count, n => input.Replace("$n", n.ToString(), StringComparison.Ordinal),
            result => Console.WriteLine($"{result.OperationId} {result.Status}"));
        Console.WriteLine($"end {counts.Published} {counts.Resumed} {counts.Results} {counts.Repeats} {counts.Reconnects}");
        return 0;
    }
}
