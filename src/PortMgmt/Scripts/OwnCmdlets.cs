using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>The cmdlets of this module, for workers: operations may lease ports and start batches of their own without an import.</summary>
internal static class OwnCmdlets
{
    public static IEnumerable<SessionStateCommandEntry> Entries()
    {
        foreach (Type type in typeof(OwnCmdlets).Assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
            {
                yield return new SessionStateCmdletEntry(cmdlet.VerbName + "-" + cmdlet.NounName, type, null);
            }
        }
    }
}
