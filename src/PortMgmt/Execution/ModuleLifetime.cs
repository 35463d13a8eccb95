using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PortMgmt.PowerShell.Daemons;

namespace PortMgmt.PowerShell.Execution;

/// <summary>Empties the table of daemons when the last runspace that imported the module has removed it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => DaemonTable.Shared.Importers.Add(Runspace.DefaultRunspace);

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (DaemonTable.Shared.Importers.RemoveLast(Runspace.DefaultRunspace))
        {
            DaemonTable.Shared.Clear();
        }
    }
}
