using System.Management.Automation;
using PortMgmt.PowerShell.Batches;

namespace PortMgmt.PowerShell.Commands;

/// <content>What -Verbose tells.</content>
public sealed partial class StartOperationBatchCommand
{
    private BatchExplanation? _explanation;

    private bool IsVerbose => MyInvocation.BoundParameters.TryGetValue("Verbose", out object? asked)
        ? asked is SwitchParameter { IsPresent: true }
        : IsTold(GetVariableValue("VerbosePreference"));

    private static bool IsTold(object? verbose) =>
        (verbose is ActionPreference preference || LanguagePrimitives.TryConvertTo(verbose, out preference))
        && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private void Explain(BatchExplanation explanation)
    {
        // To find the words takes longer than a small batch.
        if (!IsVerbose)
        {
            return;
        }

        _explanation = explanation;
        foreach (string line in explanation.Begin())
        {
            WriteVerbose(line);
        }
    }

    private void ExplainEnd()
    {
        if (_explanation is { } explanation)
        {
            WriteVerbose(explanation.End(_run!.Summary, _run.Batch.Progress));
        }
    }
}
