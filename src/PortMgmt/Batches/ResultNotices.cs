using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>What the user is told of a batch because of its results, which show no sign of it themselves. For the thread that reads them.</summary>
/// <param name="plan">How operations run in this process; null where other nodes run them.</param>
/// <param name="sink">Where it is told.</param>
internal sealed class ResultNotices(ScriptPlan? plan, IResultSink sink)
{
    private bool _isUncacheableTold;

    /// <summary>Tells what there is to be told now that an operation has ended.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="input">Its input, or those of all of a chunk that is delivered as one piece.</param>
    public void Notify(in OperationResult<PSObject?, ScriptOutcome> result, object? input)
    {
        NotifyIfUncacheable(result);
        WarnOfClasses();
        NotifyIfStuck(result, input);
    }

    // Once a batch: it concerns the script block, and the operation itself has succeeded.
    private void NotifyIfUncacheable(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        if (plan?.IsCached != true || _isUncacheableTold || result.Status != OperationStatus.Succeeded || !ScriptBlockValues.IsIn(result.Output?.Output))
        {
            return;
        }

        _isUncacheableTold = true;
        var failure = new OperationException(
            OperationErrorCode.ResultNotCacheable,
            $"The result of operation '{result.Id}' is a script block, which belongs to its worker, and is not kept for repeats: "
            + "put out what the block says instead, or leave out -Id.");
        sink.Report(BatchErrors.ToErrorRecord(failure, result.Input));
    }

    // Once a class.
    private void WarnOfClasses()
    {
        if (plan is not { OutputClasses: { IsEmpty: false } classes })
        {
            return;
        }

        foreach (string name in classes.Keys)
        {
            if (classes.TryUpdate(name, true, false))
            {
                sink.Warn(
                    $"Operations put out objects of class {name}, which was defined in their runspace: methods run in yours now, where functions and "
                    + "variables of the operation are not, and its name is not known. Put out what the methods return, or define the class in your script.");
            }
        }
    }

    private void NotifyIfStuck(in OperationResult<PSObject?, ScriptOutcome> result, object? input)
    {
        if (result.Status != OperationStatus.TimedOut || result.Error?.InnerException is not TimeoutException)
        {
            return;
        }

        string name = result.Id is { } id ? $"id '{id}'" : $"input '{input}'";
        sink.Warn(
            $"The operation with {name} was told to stop when its time was up, and does not: it may be in native code. Its runspace is not used "
            + "again, and Get-DaemonHealth names it. What it does, and programs that it started, may go on until this process ends.");
    }
}
