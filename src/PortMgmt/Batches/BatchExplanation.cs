using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Batches;

/// <summary>What a batch decided, and why, a sentence or two a line: for -Verbose.</summary>
/// <param name="daemon">What it runs on.</param>
/// <param name="plan">What its workers share.</param>
/// <param name="options">How it runs.</param>
internal sealed class BatchExplanation(Daemon daemon, ScriptPlan plan, OperationBatchOptions<PSObject?, ScriptOutcome> options)
{
    private const int LongestCode = 60;

    /// <summary>What is known before the first operation.</summary>
    public IEnumerable<string> Begin() => [DescribeCall(), DescribeRunspaces(), DescribeLimit(), DescribeHandOffs(), DescribeCache()];

    /// <summary>What was measured.</summary>
    /// <param name="summary">Of the results.</param>
    /// <param name="progress">Of the batch.</param>
    public string End(BatchSummary summary, BatchProgress progress)
    {
        (int workers, long handOffs) = plan.Workers.Tally;
        string each = handOffs == 0 ? "" : Text($" of {(double)(progress.Ended - progress.FromCache) / handOffs:0.#} on average");
        return Text($"Ended: {progress.Ended} operations in {handOffs} hand-offs{each}, by {workers} workers; {progress.FromCache} without running. ")
            + Text($"An attempt took {summary.MeanDurationMs:0.###} ms and waited {summary.MeanQueueMs:0.###} ms on average.");
    }

    private string DescribeCall()
    {
        string group = plan.AsBatch ? " One call is for a whole hand-off (-AsBatch)." : "";
        ScriptCall call = plan.Call;
        string way = call.InlineObstacle is not { } inline
            ? "inline, as part of the worker's own loop: nothing in the block can tell, or is left behind."
            : call.ScopeObstacle is not { } scoped
                ? $"in a scope of its own, without a pipeline. Not inline: {Quote(inline)}."
                : $"by & in the worker's pipeline, which holds for every block. Not inline: {Quote(inline)}. Not in a scope alone: {Quote(scoped)}.";
        return $"Calls of the block: {way}{group}";
    }

    private string DescribeRunspaces()
    {
        string[] brought = [.. plan.Setup.ModuleNames.Select(static name => "module " + name), .. plan.Setup.Functions.Select(static function => "function " + function.Name)];
        string has = brought.Length > 0 ? "with " + string.Join(", ", brought) : "with what the engine has";
        string imports = plan.Setup.MayImport ? "; the block may load modules, so types and views are not shared" : "; it loads no module, so types and views are shared";
        string kept = plan.LeavesNothing ? "kept as they are" : "cleaned and kept";
        return plan.IsolatesRunspaces
            ? $"Runspaces: a new one for each operation (-Isolation Runspace), {has}{imports}."
            : $"Runspaces: one a worker, {has}{imports}. Afterwards they are {kept} for later batches of daemon '{daemon.Name}'.";
    }

    private string DescribeLimit() => options.MaxConcurrent is { } limit
        ? Text($"Workers: started as operations wait, {limit} at most (-MaxConcurrent).")
        : options.OwnLimit
            ? Text($"Workers: started as operations wait, {OperationSettings.DefaultMaxConcurrent} at most, and up to {OperationSettings.DefaultCeiling} while they mostly wait themselves; -MaxConcurrent sets it.")
            : Text($"Workers: started as operations wait, {daemon.MaxConcurrent} at most, which daemon '{daemon.Name}' has for all its batches.");

    private string DescribeHandOffs()
    {
        int size = options.BatchSize ?? daemon.BatchSize;
        TimeSpan flush = options.BatchFlush ?? daemon.BatchFlush;
        return plan.AsBatch
            ? Text($"Hand-offs: {size} operations, or what has come after {DurationText.Format(flush)}.")
            : Text($"Hand-offs: one operation until it is known how long they take; then a worker's share of what waits, {size} at most, and no more than takes {DurationText.Format(ChunkSizing.MaxTime)} by its last one.");
    }

    private string DescribeCache() => plan switch
    {
        { AsBatch: true } => "Cache: none, since a result is that of many operations (-AsBatch).",
        { IsCached: false } => "Cache: none, since nothing tells one operation from another: -Id does.",
        _ when options.CacheSize is { } size => Text($"Cache: {size} results by -Id, for this batch alone (-CacheSize)."),
        _ when options.ExecutorIdentity is not null => Text($"Cache: {daemon.CacheSize} results by -Id, shared with batches of the same script on daemon '{daemon.Name}'."),
        _ => Text($"Cache: {daemon.CacheSize} results by -Id, for this batch alone."),
    };

    private static string Quote(Ast obstacle)
    {
        string text = obstacle.Extent.Text;
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        string line = VisibleText.From(end < 0 ? text : text[..end], LongestCode);
        return Text($"'{line}' (line {obstacle.Extent.StartLineNumber})");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
