using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace PortMgmt.Hosted.Tests.Engine;

/// <summary>Finds the engine's assemblies in the installed pwsh that the build was pointed at.</summary>
internal static class InstalledEngine
{
    [ModuleInitializer]
    internal static void Attach()
    {
        if (Repository.Metadata("PowerShellHome").Length > 0)
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        string path = Path.Combine(Repository.Metadata("PowerShellHome"), name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
