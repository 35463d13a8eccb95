using System.Collections;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Completion;

/// <summary>Types of operations that the daemon of the command line has run; the tooltip has how they went.</summary>
public sealed class OperationTypeCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tooltip)> FindValues(IDictionary boundParameters)
    {
        ArgumentNullException.ThrowIfNull(boundParameters);
        try
        {
            Daemon daemon = DaemonTable.Shared.Get(boundParameters["Daemon"] as string ?? Daemon.DefaultName);
            return daemon.Scheduler.GetHistory().Types.Where(type => type.Type is not null).Select(type => (
                type.Type!,
                $"{type.Type}: {Quantity.Count(type.Ended)} ended, {Quantity.Count(type.Failed)} failed, {Quantity.Time(type.MeanDuration)} on average"));
        }
        catch (OperationException)
        {
            return [];
        }
    }
}
