using System.Collections;
using PortMgmt.Metrics;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Names of daemons; the tooltip has the limit, what runs and what waits.</summary>
public sealed class DaemonNameCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters) =>
        DaemonTable.Shared.GetAll().Select(daemon => (daemon.Name, Describe(daemon)));

    private static string Describe(Daemon daemon)
    {
        OperationHealth health = daemon.Scheduler.GetHealth();
        return $"{daemon.Name}: at most {daemon.MaxConcurrent} at once, {Quantity.Count(health.ActiveOperations)} run now, "
            + $"{Quantity.Count(health.QueuedOperations)} wait, {Quantity.Count(health.TotalProcessed)} ended";
    }
}
