using System.Globalization;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Runspaces;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Runs operations of one type that other nodes submit, with a script block of this node's own, until it is stopped. It takes what it
/// has room for; what it has not finished when it is stopped goes to other nodes.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "OperationWorker", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(ClusterWorkerState), typeof(Job))]
public sealed class StartOperationWorkerCommand : OperationCmdlet
{
    /// <summary>Which kind of operations: letters, digits and <c>._:-</c>, 64 at most.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Type { get; set; } = "";

    /// <summary>What to do with each input, which is <c>$_</c>: what came as JSON, as objects. What it puts out goes back as JSON.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>A daemon that was made with a broker; the only one of that kind if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DaemonNameCompleter))]
    public string? Daemon { get; set; }

    /// <summary>How many operations run, and are taken from the broker, at once: 1 to 10000; the daemon's limit if left out.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    public int MaxConcurrent { get; set; }

    /// <summary>
    /// In how many queues the operations of the type wait, 1 to 64, each with a leader of its own at the broker. The first worker of a type
    /// decides, and another number is refused later. As many as it has, or 1, if left out.
    /// </summary>
    [Parameter]
    [ValidateRange(1, ClusterLimits.MaxPartitions)]
    public int Partitions { get; set; }

    /// <summary>How long one attempt may take, in seconds; 1500 if left out, since a broker takes back what is not answered after 1800.</summary>
    [Parameter]
    [Alias("Timeout")]
    [DurationNumber]
    [ValidateRange(0.001, 2_000_000)]
    public double TimeoutSeconds { get; set; } = 1500;

    /// <summary>How many more attempts a failed or timed-out operation has on this node, 0 to 1000, after growing waits.</summary>
    [Parameter]
    [Alias("MaxRetries")]
    public int Retry { get; set; }

    /// <summary>
    /// Which errors make an operation fail: those that end the block, those that end a statement too (unless the daemon has it otherwise),
    /// or all.
    /// </summary>
    [Parameter]
    public FailureLevel FailOn { get; set; }

    /// <summary>An exit code other than 0, of the last program that an operation runs, makes it fail.</summary>
    [Parameter]
    public SwitchParameter FailOnExitCode { get; set; }

    /// <summary>How long operations may take to end when the worker is stopped, in seconds, before they are given back; 1 if left out.</summary>
    [Parameter]
    [DurationNumber]
    [ValidateRange(0.0, 86400)]
    public double DrainSeconds { get; set; } = 1;

    /// <summary>Is called every second: while it puts out anything but nothing and $true, or fails, the node takes no operations.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? HealthCheck { get; set; }

    /// <summary>Runs in the background and gives a job; Stop-Job ends it in good order.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Variables that the operations have too: names, with wildcards, variables, or a table of names and values.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionVariableCompleter))]
    public object[] Variables { get; set; } = [];

    /// <summary>Modules that the operations have too: names, paths, modules or specifications.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionModuleCompleter))]
    public object[] Modules { get; set; } = [];

    /// <summary>Functions that the operations have too: names, with wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionFunctionCompleter))]
    public string[] Functions { get; set; } = [];

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(Start, Type);

    private void Start()
    {
        // Not a mandatory parameter: nobody can type a block at a prompt.
        if (ScriptBlock is null)
        {
            throw new OperationException(
                OperationErrorCode.InvalidOption, $"What is to be done with operations of type '{Type}'? Give a script block, such as Start-OperationWorker {Type} {{ $_ }}.")
            {
                Option = nameof(ScriptBlock),
            };
        }

        Daemon daemon = DaemonTable.Shared.GetClustered(Daemon);
        if (AsJob.IsPresent && HealthCheck is not null)
        {
            throw new OperationException(
                OperationErrorCode.InvalidOption, "-HealthCheck is called on the thread of the cmdlet, which a job does not keep: leave out -AsJob or -HealthCheck.")
            {
                Option = nameof(HealthCheck),
            };
        }

        ScriptPlan plan = MakePlan(daemon);
        ClusterWorkerOptions<PSObject?, ScriptOutcome> options = MakeOptions(daemon, plan);
        if (AsJob.IsPresent)
        {
            var job = new OperationWorkerJob(JobRepository, Type, ScriptBlock.ToString());
            options = options with { OnNotice = text => job.Warning.Add(new WarningRecord(VisibleText.FromLines(text))) };
            job.Start(stop => RunAsync(daemon, options, plan, stop));
            WriteObject(job);
        }
        else
        {
            var attended = new AttendedWorker(HealthCheck, plan.Values.Home, WriteWarning, StopToken);
            options = options with { OnNotice = attended.Notify, HealthCheck = () => attended.Trouble };
            ClusterWorkerState end = attended.Wait(RunAsync(daemon, options, plan, StopToken));
            if (!StopToken.IsCancellationRequested)
            {
                WriteObject(end);
            }
        }
    }

    private static async Task<ClusterWorkerState> RunAsync(
        Daemon daemon, ClusterWorkerOptions<PSObject?, ScriptOutcome> options, ScriptPlan plan, CancellationToken stop)
    {
        try
        {
            return await ClusterWorker.RunAsync(DaemonTable.Shared.Transport, daemon.Cluster!, options, stop).ConfigureAwait(false);
        }
        finally
        {
            plan.Workers.Abandon();
            plan.Workers.WaitForNone(Execution.Daemon.StopGrace);
            plan.Values.Dispose();
        }
    }

    private ScriptPlan MakePlan(Daemon daemon)
    {
        var bound = new BoundValues(SessionState, isAttended: !AsJob.IsPresent);
        try
        {
            return MakePlan(daemon, bound);
        }
        catch (Exception)
        {
            bound.Dispose();
            throw;
        }
    }

    private ScriptPlan MakePlan(Daemon daemon, BoundValues bound)
    {
        var caller = new CallerState(SessionState, bound);
        bound.Surroundings.Add(ScriptBlock);
        List<BroughtFunction> functions = Functions.Length == 0 ? [] : caller.Functions(Functions);
        Dictionary<string, object?> variables = caller.Variables(Variables, ScriptBlock);
        Dictionary<string, object?> usingValues = UsingValues.Collect(ScriptBlock, SessionState, bound);
        ScriptCall call = DaemonTable.Shared.Calls.Get(ScriptBlock, SessionState.LanguageMode, isPlain: Modules.Length + Functions.Length == 0);
        return new ScriptPlan
        {
            Call = call,
            UsingValues = usingValues,
            Variables = variables,
            Values = bound,
            Location = caller.Location,
            Setup = new RunspaceSetup(caller.Modules(Modules), functions, call.ImportsNothing && !bound.IsUsed),
            Runspaces = daemon.Runspaces,
            StuckRunspaces = daemon.Stuck,
            EndsPrograms = true,
            FailsOnExitCode = FailOnExitCode.IsPresent,
            FailOn = MyInvocation.BoundParameters.ContainsKey(nameof(FailOn)) ? FailOn : daemon.FailOn,
            Encode = output => JsonValues.Write(output),
        };
    }

    private ClusterWorkerOptions<PSObject?, ScriptOutcome> MakeOptions(Daemon daemon, ScriptPlan plan) => new()
    {
        Type = Type,
        Partitions = MyInvocation.BoundParameters.ContainsKey(nameof(Partitions)) ? Partitions : null,
        Scheduler = daemon.Scheduler,
        WorkerFactory = () => new ScriptWorker(plan),
        Decode = delivery => JsonValues.Read(delivery.Input) is { } input ? PSObject.AsPSObject(input) : null,
        Encode = result => new ClusterResult
        {
            OperationId = "",
            NodeId = "",
            Status = result.Status,
            Output = result.Output?.Output is ReadOnlyMemory<byte> json ? json : default,
            Error = ErrorOf(result.Output),
        },
        MaxConcurrent = MyInvocation.BoundParameters.ContainsKey(nameof(MaxConcurrent)) ? MaxConcurrent : daemon.MaxConcurrent,
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        Retry = new RetryOptions { MaxRetries = Retry },
        DrainTime = TimeSpan.FromSeconds(DrainSeconds),
    };

    private static string? ErrorOf(ScriptOutcome? outcome) => outcome?.Streams.Errors is [.., { } last]
        ? string.Create(CultureInfo.InvariantCulture, $"{last.Exception?.Message ?? last.ToString()}{Position(last)}")
        : null;

    private static string Position(ErrorRecord record) =>
        record.InvocationInfo is { ScriptLineNumber: > 0 } where ? $" (line {where.ScriptLineNumber}: {where.Line.Trim()})" : "";
}
