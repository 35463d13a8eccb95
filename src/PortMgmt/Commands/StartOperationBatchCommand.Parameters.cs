using System.Collections;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <content>The parameters.</content>
public sealed partial class StartOperationBatchCommand
{
    private const string ScriptBlockSet = "ScriptBlock";
    private const string ClusterSet = "Cluster";

    /// <summary>What to do with each input, which is <c>$_</c>; values of the caller come in by <c>$using:</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ScriptBlockSet)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>
    /// The id of a batch that other nodes run: letters, digits and <c>._:-</c>, 64 at most. The same id again goes on where a submitter
    /// that ended left off. A new one if left out.
    /// </summary>
    [Parameter(ParameterSetName = ClusterSet)]
    [Parameter(ParameterSetName = ScriptBlockSet, DontShow = true)]
    [ValidateNotNullOrEmpty]
    public string? BatchId { get; set; }

    /// <summary>How many partitions the type must have at the broker, 1 to 64: with another number nothing is sent. Any number if left out.</summary>
    [Parameter(ParameterSetName = ClusterSet)]
    [Parameter(ParameterSetName = ScriptBlockSet, DontShow = true)]
    [ValidateRange(1, ClusterLimits.MaxPartitions)]
    public int Partitions { get; set; }

    /// <summary>One input of the batch.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// What an input is known by: the name of a property, or a script block. The same id and type means the same result: it runs once,
    /// and the cache answers repeats.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? Id { get; set; }

    /// <summary>A kind of operation, for -TypeLimit and the cache; a text, or a script block that finds it for each input.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OperationTypeCompleter))]
    [ValidateNotNull]
    public object? Type { get; set; }

    /// <summary>What travels with the operation to its result, 4 KB at most; a table, or a script block that makes it for each input.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Metadata { get; set; }

    /// <summary>Which waiting operations go first: Low, Normal or High, or a script block that finds it for each input.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PriorityCompleter))]
    [ValidateNotNull]
    public object Priority { get; set; } = OperationPriority.Normal;

    /// <summary>How many operations may run at once, 1 to 10000; 5 for each processor if left out, and up to 8 while they mostly wait.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    public int MaxConcurrent { get; set; }

    /// <summary>How many operations of a type may run at once, as a table: <c>@{ web = 2 }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? TypeLimit { get; set; }

    /// <summary>How many operations a worker is handed at once, 1 to 100000; 100 if left out.</summary>
    [Parameter]
    public int BatchSize { get; set; }

    /// <summary>How long an operation waits for its hand-off to fill, in milliseconds, 0 to 60000; 10 if left out.</summary>
    [Parameter]
    [DurationNumber(Milliseconds = true)]
    public double BatchFlushMs { get; set; }

    /// <summary>How many results the cache keeps, 0 to 10000000; 5000 if left out, 0 for none. The batch then has a cache of its own.</summary>
    [Parameter]
    public int CacheSize { get; set; }

    /// <summary>Hand-off size and flush time by name; -BatchSize and -BatchFlushMs come before it.</summary>
    [Parameter]
    public BatchProfile Profile { get; set; }

    /// <summary>Calls the script block once for a whole hand-off: <c>$_</c> is then the array of inputs, and one result stands for them.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter AsBatch { get; set; }

    /// <summary>How long one attempt may take, in seconds from its start, at least 0.001; no limit if left out.</summary>
    [Parameter]
    [Alias("Timeout")]
    [DurationNumber]
    public double TimeoutSeconds { get; set; }

    /// <summary>How many more attempts a failed or timed-out operation has, 0 to 1000, after growing waits.</summary>
    [Parameter]
    [Alias("MaxRetries")]
    public int Retry { get; set; }

    /// <summary>
    /// Which errors make an operation fail: those that end the block, those that end a statement too (unless the daemon has it otherwise),
    /// or all.
    /// </summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public FailureLevel FailOn { get; set; }

    /// <summary>An exit code other than 0, of the last program that an operation runs, makes it fail.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter FailOnExitCode { get; set; }

    /// <summary>What happens when more comes in than fits: the producer waits, the operation is rejected, or the batch fails.</summary>
    [Parameter]
    public OverloadPolicy OnOverload { get; set; }

    /// <summary>Results come in the order of the input.</summary>
    [Parameter]
    public SwitchParameter Ordered { get; set; }

    /// <summary>Puts out what the operations put out, and their errors, warnings and messages, without result objects.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Runs in the background and gives a job.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Is called for each event of the batch, as <c>$_</c>, between results; what it puts out is dropped.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? OnEvent { get; set; }

    /// <summary>Leases a port for each operation, which is <c>$Port</c> in it, and gives it back at its end.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter LeasePort { get; set; }

    /// <summary>The registry's directory for -LeasePort; as for New-PortLease if left out.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Alias("RegistryDirectory")]
    [ValidateNotNullOrEmpty]
    public string? Registry { get; set; }

    /// <summary>A file that gets one line of JSON for each result.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobLog { get; set; }

    /// <summary>With -JobLog: operations that the log has as succeeded are left out; their number is reported.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>A daemon to run on, with its limit, its cache and its figures; the default one if left out, with a limit and a cache of the batch's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string Daemon { get; set; } = Execution.Daemon.DefaultName;

    /// <summary>What operations share: a runspace, or nothing.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public OperationIsolation Isolation { get; set; }

    /// <summary>Variables that the operations have too: names, with wildcards, variables, or a table of names and values.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionVariableCompleter))]
    public object[] Variables { get; set; } = [];

    /// <summary>Modules that the operations have too: names, paths, modules or specifications.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionModuleCompleter))]
    public object[] Modules { get; set; } = [];

    /// <summary>Functions that the operations have too: names, with wildcards.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionFunctionCompleter))]
    public string[] Functions { get; set; } = [];
}
