using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Batches;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Runspaces;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Commands;

/// <content>From parameters to what the scheduler and the workers take.</content>
public sealed partial class StartOperationBatchCommand
{
    private static OperationException Invalid(string option, string message) =>
        new(OperationErrorCode.InvalidOption, message) { Option = option };

    private static bool IsCacheable(ScriptOutcome outcome) => !ScriptBlockValues.IsIn(outcome.Output);

    private void RequireConsistency()
    {
        if (Retry is < 0 or > 1000)
        {
            throw Invalid(nameof(Retry), $"-Retry is {Retry}: give a value from 0 to 1000.");
        }

        // The engine takes them beside a block, so that it is said here what is wrong with them.
        if (ParameterSetName == ScriptBlockSet && (Has(nameof(Partitions)) ? nameof(Partitions) : Has(nameof(BatchId)) ? nameof(BatchId) : null) is { } remote)
        {
            throw Invalid(remote, $"-{remote} is for a batch that other nodes run, and a script block runs here: leave out -{remote}, or leave out the block and name the operations by -Type and a daemon that was made with -Broker.");
        }

        if (Resume.IsPresent && JobLog is null)
        {
            throw Invalid(nameof(Resume), "-Resume needs the log to resume from: name it by -JobLog.");
        }

        if (AsJob.IsPresent && OnEvent is not null)
        {
            throw Invalid(nameof(OnEvent), "-OnEvent is called between results on the thread of the cmdlet, which a job does not keep: leave out -AsJob or -OnEvent.");
        }

        if (AsBatch.IsPresent && Id is not null && Has(nameof(CacheSize)) && CacheSize > 0)
        {
            throw Invalid(nameof(AsBatch), "-AsBatch makes one result of many operations, which no cache can tell apart: leave out -CacheSize.");
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
        var setup = new RunspaceSetup(caller.Modules(Modules), functions, call.ImportsNothing && !bound.IsUsed);
        if (Modules.Length + Functions.Length > 0)
        {
            OpenFirst(daemon, setup);
        }

        return new ScriptPlan
        {
            Call = call,
            UsingValues = usingValues,
            Values = bound,
            Variables = variables,
            Location = caller.Location,
            Setup = setup,
            Runspaces = daemon.Runspaces,
            StuckRunspaces = daemon.Stuck,
            FailOn = Has(nameof(FailOn)) ? FailOn : daemon.FailOn,
            FailsOnExitCode = FailOnExitCode.IsPresent,
            EndsPrograms = Has(nameof(TimeoutSeconds)),
            AsBatch = AsBatch.IsPresent,
            IsCached = Id is not null && !AsBatch.IsPresent && !(Has(nameof(CacheSize)) && CacheSize == 0),
            IsolatesRunspaces = Isolation == OperationIsolation.Runspace,
            Live = new LiveStreams(takesOutput: Raw.IsPresent && !Ordered.IsPresent && Id is null && Retry == 0, takesStreams: !StopsAtFailure),
            KeepsOrder = Raw.IsPresent && !AsJob.IsPresent,
            Ports = LeasePort.IsPresent ? new OperationPorts(OpenRegistry()) : null,
        };
    }

    // A module that does not load would fail each operation: it ends the batch before the first.
    private static void OpenFirst(Daemon daemon, RunspaceSetup setup)
    {
        try
        {
            daemon.Runspaces.Return(daemon.Runspaces.Rent(setup), isUnchanged: true);
        }
        catch (RuntimeException e)
        {
            throw new OperationException(
                OperationErrorCode.WorkerUnavailable, "No worker can be opened with what -Modules and -Functions ask for: " + e.Message, e);
        }
    }

    private PortRegistry OpenRegistry() => PortRegistry.Open(new PortRegistryOptions
    {
        Directory = Registry is null ? null : FileOf(Registry, nameof(Registry)),
    });

    private OperationBatchOptions<PSObject?, ScriptOutcome> MakeOptions(Daemon daemon, ScriptPlan? plan, BatchEvents events)
    {
        OperationSettings? profile = Has(nameof(Profile)) ? new OperationSettings().With(Profile) : null;
        return new OperationBatchOptions<PSObject?, ScriptOutcome>
        {
            MaxConcurrent = Has(nameof(MaxConcurrent)) ? MaxConcurrent : null,
            OwnLimit = daemon.IsDefault,
            BatchSize = Has(nameof(BatchSize)) ? BatchSize : profile?.BatchSize,
            BatchFlush = Has(nameof(BatchFlushMs)) ? Span(nameof(BatchFlushMs), BatchFlushMs / 1000) : profile?.BatchFlush,
            CacheSize = Has(nameof(CacheSize)) ? CacheSize : null,
            DeliverAsChunk = AsBatch.IsPresent,
            UnboundedOutput = AsJob.IsPresent,
            StopAtFirstFailure = StopsAtFailure,
            Ordered = Ordered.IsPresent,
            Overload = OnOverload,
            Timeout = Has(nameof(TimeoutSeconds)) ? Span(nameof(TimeoutSeconds), TimeoutSeconds) : null,
            Retry = new RetryOptions { MaxRetries = Retry },
            TypeLimits = TypeLimit is null ? null : TypeLimits(TypeLimit),
            ExecutorIdentity = plan is null || daemon.IsDefault || Id is null || Has(nameof(CacheSize)) ? null : FindIdentity(plan),
            IsCacheable = IsCacheable,
            Label = static input => input?.BaseObject,
            OnEvent = events.Listener,
        };
    }

    private string? FindIdentity(ScriptPlan plan)
    {
        // The same text means something else beside another file, in another place and with other modules.
        string text = string.Join('\0', [ScriptBlock.ToString(), ScriptBlock.File, plan.Location, .. plan.Setup.ModuleNames]);
        string? identity = ExecutorIdentity.TryFind(
            text, plan.UsingValues.Concat(plan.Variables), plan.Setup.Functions, out string? obstacle);
        if (identity is null)
        {
            WriteWarning(
                "Results are not shared with other batches of daemon '" + Daemon + "': " + obstacle
                + " has a value that is neither text nor a number nor a time, so the same script may mean something else next time.");
        }

        return identity;
    }

    private static TimeSpan Span(string option, double seconds) => double.IsFinite(seconds) && Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw Invalid(option, $"-{option} is {seconds}: give a finite length of time.");

    private static Dictionary<string, int> TypeLimits(IDictionary table)
    {
        Dictionary<string, int> limits = [];
        foreach (DictionaryEntry pair in table)
        {
            string type = Convert.ToString(pair.Key, CultureInfo.InvariantCulture) ?? "";
            limits[type] = LanguagePrimitives.TryConvertTo(pair.Value, out int limit)
                ? limit
                : throw Invalid(nameof(TypeLimit), $"-TypeLimit has '{pair.Value}' for '{type}': give a whole number from 1 to 10000.");
        }

        return limits;
    }
}
