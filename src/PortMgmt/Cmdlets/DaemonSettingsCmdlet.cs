using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Takes the settings of a daemon.</summary>
public abstract class DaemonSettingsCmdlet : OperationCmdlet
{
    /// <summary>How many operations may run at once over all batches of the daemon, 1 to 10000; 5 for each processor if never set, and up to 8 while they mostly wait.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    public int? MaxConcurrent { get; set; }

    /// <summary>How many operations a worker is handed at once, 1 to 100000; 100 if never set.</summary>
    [Parameter]
    public int? BatchSize { get; set; }

    /// <summary>How long an operation waits for its hand-off to fill, in milliseconds, 0 to 60000; 10 if never set.</summary>
    [Parameter]
    [DurationNumber(Milliseconds = true)]
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

    /// <summary>
    /// Which errors make an operation fail where its batch does not say: those that end the block, those that end a statement too (if never
    /// set), or all.
    /// </summary>
    [Parameter]
    public FailureLevel? FailOn { get; set; }

    /// <summary>What was given.</summary>
    private protected DaemonSettings Given => new()
    {
        MaxConcurrent = MaxConcurrent,
        BatchSize = BatchSize,
        BatchFlushMs = BatchFlushMs,
        CacheSize = CacheSize,
        Profile = Profile,
        CacheProfile = CacheProfile,
    };
}
