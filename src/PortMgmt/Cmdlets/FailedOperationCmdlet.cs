using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Goes through the dead letters of a type.</summary>
public abstract class FailedOperationCmdlet : OperationCmdlet
{
    /// <summary>Whose dead letters: the type of the operations.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Type { get; set; } = "";

    /// <summary>Ids of operations, with wildcards; all if left out.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Id { get; set; } = "*";

    /// <summary>The batch that they belong to; any if left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? BatchId { get; set; }

    /// <summary>A daemon that was made with a broker; the only one of that kind if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string? Daemon { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(GoThrough, Type);

    /// <summary>Does the work for those that are meant.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="letters">The open dead letters.</param>
    /// <param name="chosen">Those that are meant, read as they are asked for.</param>
    private protected abstract void Process(Daemon daemon, IFailedOperations letters, IEnumerable<FailedOperation> chosen);

    private void GoThrough()
    {
        Daemon daemon = DaemonTable.Shared.GetClustered(Daemon);
        IFailedOperations letters = DaemonTable.Shared.Transport.OpenFailedAsync(daemon.Cluster!, Type, StopToken).GetAwaiter().GetResult();
        try
        {
            Process(daemon, letters, Choose(letters));
        }
        finally
        {
            letters.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private IEnumerable<FailedOperation> Choose(IFailedOperations letters)
    {
        var pattern = new WildcardPattern(Id, WildcardOptions.None);
        while (letters.ReadAsync(StopToken).AsTask().GetAwaiter().GetResult() is { } failed)
        {
            if (pattern.IsMatch(failed.OperationId ?? "") && (BatchId is null || BatchId == failed.BatchId))
            {
                yield return failed;
            }
        }
    }
}
