using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Errors;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>What every cmdlet of the batch half has: an end on Ctrl-C, and typed errors. Keeps nothing beyond its call.</summary>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A source without timer and wait handle holds nothing, and a stop may come from another thread after the cmdlet's end.")]
public abstract class OperationCmdlet : PSCmdlet
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled by Ctrl-C, by the end of the pipeline and by <c>PowerShell.Stop()</c>.</summary>
    protected CancellationToken StopToken => _stopping.Token;

    /// <summary>Warns in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="text">The warning.</param>
    protected new void WriteWarning(string text) => base.WriteWarning(VisibleText.FromLines(text));

    /// <summary>Explains in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="text">The explanation.</param>
    protected new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.FromLines(text));

    /// <summary>Asks in text that the terminal only shows: what it names comes from others.</summary>
    /// <param name="target">What something is done with.</param>
    /// <param name="action">What is done.</param>
    protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(VisibleText.FromLines(target), VisibleText.FromLines(action));

    /// <summary>Finds the file that a path of the session means.</summary>
    /// <param name="path">The path.</param>
    /// <param name="option">The parameter that has it.</param>
    /// <returns>The file's full path.</returns>
    /// <exception cref="OperationException">It is a path of another provider, such as <c>Env:</c>, which has no files.</exception>
    private protected string FileOf(string path, string option)
    {
        string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.ImplementingType == typeof(Microsoft.PowerShell.Commands.FileSystemProvider) ? file : throw new OperationException(
            OperationErrorCode.InvalidOption, $"-{option} is '{path}', which is no file but a path of the provider {provider.Name}: name a file.")
        {
            Option = option,
        };
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Does a step of the cmdlet; a failure of the whole ends the pipeline with its typed error.</summary>
    /// <param name="step">What to do.</param>
    /// <param name="target">What it is done with.</param>
    protected void Guard(Action step, object? target = null)
    {
        ArgumentNullException.ThrowIfNull(step);
        try
        {
            step();
        }
        catch (OperationException failure)
        {
            ThrowTerminatingError(BatchErrors.ToErrorRecord(failure, target));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Writes a failure that concerns one item only.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="target">What it went wrong with.</param>
    protected void Report(OperationException failure, object? target) => WriteError(BatchErrors.ToErrorRecord(failure, target));
}
