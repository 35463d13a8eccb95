using System.Diagnostics.CodeAnalysis;
using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// What earlier submitters of a batch have left: the notes of what they sent, and results that nobody has asked for yet. Not thread-safe:
/// guarded by the ledger's lock.
/// </summary>
internal sealed class EarlierSubmission
{
    private readonly Dictionary<string, ClusterResult> _results = [];

    /// <summary>Ids of operations that were sent, as it was noted; a result comes without their being sent again.</summary>
    private readonly HashSet<string> _sent = [];

    /// <summary>
    /// Ids of operations whose results are no longer kept at the broker. The note that they were sent may come after the one that says
    /// so: results can be quicker than notes. To send one again that is under way costs a repeat; to wait for one that is gone never ends.
    /// </summary>
    private readonly HashSet<string> _forgotten = [];

    /// <summary>Takes the result of an operation, if it is there.</summary>
    public bool TryTakeResult(string id, [NotNullWhen(true)] out ClusterResult? result) => _results.Remove(id, out result);

    /// <summary>Takes the note that an operation was sent, if there is one: its result will come.</summary>
    public bool TryTakeSent(string id) => _sent.Remove(id);

    /// <summary>Keeps a result until somebody asks for it. Of two of one operation the success counts: the other is of an attempt that was repeated.</summary>
    /// <returns>False where there was one already.</returns>
    public bool TryKeep(ClusterResult result)
    {
        _sent.Remove(result.OperationId);
        if (!_results.TryGetValue(result.OperationId, out ClusterResult? known))
        {
            _results.Add(result.OperationId, result);
            return true;
        }

        if (known.Status != OperationStatus.Succeeded)
        {
            _results[result.OperationId] = result;
        }

        return false;
    }

    /// <summary>Operations were sent, as was noted.</summary>
    public void RecordSent(IEnumerable<string> ids) => _sent.UnionWith(ids.Where(id => !_results.ContainsKey(id) && !_forgotten.Contains(id)));

    /// <summary>Results of these are no longer kept at the broker.</summary>
    public void Forget(IEnumerable<string> ids)
    {
        foreach (string id in ids)
        {
            _forgotten.Add(id);
            _sent.Remove(id);
        }
    }

    /// <summary>Nothing counts as sent any more.</summary>
    public void ForgetSent() => _sent.Clear();
}
