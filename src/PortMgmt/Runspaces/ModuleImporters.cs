using System.Management.Automation.Runspaces;

namespace PortMgmt.PowerShell.Runspaces;

/// <summary>The runspaces in which the module is imported; those that were closed without removing it do not count. Thread-safe.</summary>
internal sealed class ModuleImporters
{
    private readonly Lock _lock = new();
    private readonly List<WeakReference<Runspace>> _runspaces = [];

    /// <summary>A runspace imported the module, perhaps again.</summary>
    public void Add(Runspace runspace)
    {
        lock (_lock)
        {
            _runspaces.RemoveAll(entry => !IsOpen(entry) || Is(entry, runspace));
            _runspaces.Add(new WeakReference<Runspace>(runspace));
        }
    }

    /// <summary>A runspace removed the module.</summary>
    /// <returns>Whether no other has it.</returns>
    public bool RemoveLast(Runspace runspace)
    {
        lock (_lock)
        {
            _runspaces.RemoveAll(entry => !IsOpen(entry) || Is(entry, runspace));
            return _runspaces.Count == 0;
        }
    }

    private static bool Is(WeakReference<Runspace> entry, Runspace runspace) => entry.TryGetTarget(out Runspace? known) && known == runspace;

    private static bool IsOpen(WeakReference<Runspace> entry) =>
        entry.TryGetTarget(out Runspace? known) && known.RunspaceStateInfo.State == RunspaceState.Opened;
}
