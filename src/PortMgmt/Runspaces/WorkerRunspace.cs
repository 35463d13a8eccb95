using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>A runspace for one worker at a time. Not thread-safe.</summary>
internal sealed class WorkerRunspace : IDisposable
{
    /// <summary>Strictness and tracing are the runspace's own: neither a reset changes them, nor does anything tell of them.</summary>
    private static readonly ScriptBlock EndDebugging = ScriptBlock.Create("Microsoft.PowerShell.Core\\Set-PSDebug -Off");

    /// <summary>How it was before the first operation that could change it; null until then.</summary>
    private RunspaceContents? _asNew;

    private bool _isSpoilt;

    /// <summary>Operations that can change it have run, or were stopped, and nobody has looked yet.</summary>
    private bool _isUnknown;

    public WorkerRunspace(RunspaceSetup setup, string name)
    {
        Setup = setup;
        Runspace = setup.Open();
        Runspace.Name = name;
    }

    public RunspaceSetup Setup { get; }

    public Runspace Runspace { get; }

    /// <summary>When it was last given back, as a timestamp.</summary>
    public long IdleSince { get; set; }

    /// <summary>Operations left nothing behind that a reset would not take away, and the runspace is not broken: another batch may have it.</summary>
    public bool IsFit => !_isSpoilt && !_isUnknown && Runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    /// <summary>Notes, from within a pipeline of the runspace, what there is before any operation that can change it.</summary>
    public void RecordState(PSCmdlet cmdlet)
    {
        _asNew ??= Look(cmdlet);
        _isUnknown = true;
    }

    /// <summary>Looks, from within a pipeline of the runspace, whether the operations left anything behind.</summary>
    public void Inspect(PSCmdlet cmdlet)
    {
        _isSpoilt |= !Look(cmdlet).Equals(_asNew);
        if (!_isSpoilt)
        {
            cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, EndDebugging, null);
        }

        _isUnknown = false;
    }

    /// <summary>Makes the runspace fit for another batch: variables, location and events as after opening.</summary>
    /// <returns>False when it is not fit and has to be closed.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A runspace that cannot be reset is closed, whatever the reason.")]
    public bool TryReset()
    {
        try
        {
            Runspace.ResetRunspaceState();
            return true;
        }
        catch (Exception)
        {
            // Something of the last batch still runs in it, or somebody closes it just now, as the end of the process does: what the
            // engine throws then depends on how far it got.
            return false;
        }
    }

    /// <summary>Closes the runspace. It never throws: on a worker's thread or a timer's nobody could catch it, and the process would end.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A runspace that does not close ends with the process.")]
    public void Dispose()
    {
        try
        {
            Runspace.Dispose();
        }
        catch (Exception)
        {
            // Somebody else closes it just now, or it is too broken for it.
        }
    }

    private RunspaceContents Look(PSCmdlet cmdlet) => new(cmdlet, Runspace, Setup.MayImport);
}
