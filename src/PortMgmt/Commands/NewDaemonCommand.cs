using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Infrastructure;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Makes a daemon: a named scheduler of this process that keeps its limit, its cache and its figures between batches.</summary>
[Cmdlet(VerbsCommon.New, "Daemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Daemon))]
public sealed class NewDaemonCommand : OperationCmdlet
{
    /// <summary>A name that is unique in the process, 1 to 128 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>How many operations may run at once over all batches of the daemon, 1 to 10000; 5 for each processor if never set, and up to 8 while they mostly wait.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    public int? MaxConcurrent { get; set; }

    /// <summary>How many operations a worker is handed at once, 1 to 100000; 100 if never set.</summary>
    [Parameter]
    public int? BatchSize { get; set; }

    /// <summary>How long an operation waits for its hand-off to fill, in milliseconds, 0 to 60000; 10 if never set.</summary>
    [Parameter]
    public double? BatchFlushMs { get; set; }

    /// <summary>How many results the cache keeps, 0 to 10000000; 5000 if never set, 0 for none.</summary>
    [Parameter]
    public int? CacheSize { get; set; }

    /// <summary>Hand-off size and flush time by name; -BatchSize and -BatchFlushMs come before it.</summary>
    [Parameter]
    public BatchProfile? Profile { get; set; }

    /// <summary>The size of the cache by name; -CacheSize comes before it.</summary>
    [Parameter]
    public CacheProfile? CacheProfile { get; set; }

    /// <summary>The node's id in reports; the machine's name if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string NodeId { get; set; } = Environment.MachineName;

    /// <summary>The id of the cluster that the node belongs to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClusterId { get; set; }

    private DaemonSettings Given => new()
    {
        MaxConcurrent = MaxConcurrent,
        BatchSize = BatchSize,
        BatchFlushMs = BatchFlushMs,
        CacheSize = CacheSize,
        Profile = Profile,
        CacheProfile = CacheProfile,
    };

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(Make, Name);

    private void Make()
    {
        if (!ShouldProcess(Name, "Make daemon"))
        {
            return;
        }
        try
        {
            WriteObject(DaemonTable.Shared.Add(new OperationSchedulerOptions
            {
                Name = Name,
                NodeId = NodeId,
                ClusterId = ClusterId,
                Settings = Given.ApplyTo(new OperationSettings()),
            }));
        }
        catch (OperationException failure) when (failure.Code == OperationErrorCode.DaemonExists)
        {
            Report(failure, Name);
        }
    }
}
