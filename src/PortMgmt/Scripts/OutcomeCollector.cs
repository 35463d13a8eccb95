using System.Management.Automation;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Errors;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Collects what operations put out and write, and makes the outcome of each. Belongs to one worker and is used on its thread, but for
/// <see cref="TakeEarly"/>.
/// </summary>
internal sealed class OutcomeCollector(ScriptPlan plan)
{
    private readonly Lock _lock = new();
    private readonly OperationOutput _output = new(MakeValues(plan), isShared: plan.Live?.TakesOutput == true, plan.KeepsOrder ? new WriteOrder() : null);
    private readonly ErrorWatch _errors = new(plan.FailOn);

    /// <summary>Those of the present pipeline; null where there is none. Set under the lock.</summary>
    private PSDataStreams? _streams;

    /// <summary>Collects the output of the present operation; the pipeline writes to it.</summary>
    public IList<PSObject?> Output => _output;

    /// <summary>A new pipeline begins.</summary>
    public void Attach(PSDataStreams streams)
    {
        _errors.Attach(streams);
        _output.Order?.Attach(streams);
        lock (_lock)
        {
            _streams = streams;
        }
    }

    /// <summary>The pump is inside its runspace.</summary>
    public void Enter(SessionState state) => _errors.Enter(state);

    /// <summary>The pipeline is over.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            _streams = null;
        }
    }

    /// <summary>What an operation that has run for a while has written so far. Any thread.</summary>
    /// <param name="takesStreams">Errors, warnings and messages too.</param>
    public (PSObject?[] Output, StreamRecords Streams) TakeEarly(bool takesStreams)
    {
        lock (_lock)
        {
            PSObject?[] output = _output.TakeEarly(out bool isLong);
            if (!isLong || !takesStreams || _streams is null)
            {
                return (output, StreamRecords.None);
            }

            var streams = StreamRecords.TakeFrom(_streams, _output.Order);
            MakeValues(plan).Unbind(streams);
            return (output, streams);
        }
    }

    /// <summary>Takes the output of an operation that has ended, as it is wanted.</summary>
    /// <param name="error">Why the operation failed; where its output cannot be made into what is wanted, that, unless it has failed anyway.</param>
    public object? TakeOutput(ref Exception? error)
    {
        object? output = _output.TakeRest();
        if (plan.Encode is null)
        {
            return output;
        }

        try
        {
            return plan.Encode(output);
        }
        catch (Exception e)
        {
            error ??= e;
            return plan.Encode(null);
        }
    }

    /// <summary>Makes the outcome of an operation that has ended.</summary>
    /// <param name="output">Its output.</param>
    /// <param name="input">Its input.</param>
    /// <param name="exitCode">Its exit code, or that of the last program that it ran; null for none.</param>
    /// <param name="port">The port that was leased for it; null for none.</param>
    /// <param name="error">Why it failed: by what it ended in, its exit code or an error among those that it wrote.</param>
    public ScriptOutcome Take(object? output, object? input, int? exitCode, int? port, ref Exception? error)
    {
        var streams = StreamRecords.TakeFrom(_streams!, _output.Order);
        ErrorSummary errors = _errors.Take();
        if (error is null && errors.Failure is null && plan.FailsOnExitCode && exitCode is not (null or 0))
        {
            error = BatchErrors.ProgramFailed(exitCode.Value);
        }

        if (error is not null and not PipelineStoppedException)
        {
            var last = BatchErrors.ToErrorRecord(error, input);
            streams = streams with { Errors = [.. streams.Errors, last] };
            errors = errors.With(last);
        }

        error ??= errors.Failure?.Exception;
        _output.Unbind(streams);
        return new ScriptOutcome(output, streams, port) { Errors = errors, ExitCode = exitCode };
    }

    private static OutputValues MakeValues(ScriptPlan plan) => new(plan.Values.Kinds, plan.Call.Block.Ast, plan.OutputClasses);
}
