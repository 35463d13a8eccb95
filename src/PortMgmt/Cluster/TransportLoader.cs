using System.Reflection;
using System.Runtime.Loader;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>
/// Loads the transport and what it depends on into a load context of its own, at the first need: whatever version of the broker's
/// client another module brought into the process, neither sees the other's.
/// </summary>
internal static class TransportLoader
{
    private const string AssemblyName = "PortMgmt.RabbitMq";
    private const string TypeName = "PortMgmt.RabbitMq.RabbitMqTransport";

    /// <summary>Loads the transport.</summary>
    /// <param name="directory">Where its assemblies are.</param>
    /// <returns>The transport; keep it, each call makes a context.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.TransportUnavailable"/>: it is not there or does not load.</exception>
    public static IClusterTransport Load(string directory)
    {
        string path = Path.Combine(directory, AssemblyName + ".dll");
        try
        {
            Assembly assembly = new TransportContext(path).LoadFromAssemblyPath(path);
            return (IClusterTransport)Activator.CreateInstance(assembly.GetType(TypeName, throwOnError: true)!)!;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or InvalidCastException)
        {
            throw new OperationException(
                OperationErrorCode.TransportUnavailable, $"The transport for brokers cannot be loaded from '{path}': {e.Message} Install the module again, whole.", e);
        }
    }

    private sealed class TransportContext(string path) : AssemblyLoadContext(AssemblyName)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);
        private readonly string _directory = Path.GetDirectoryName(path)!;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            // The one assembly that both sides share: the interface has to be the same type.
            if (assemblyName.Name == typeof(IClusterTransport).Assembly.GetName().Name)
            {
                return typeof(IClusterTransport).Assembly;
            }

            string? found = _resolver.ResolveAssemblyToPath(assemblyName);
            if (found is null && Path.Combine(_directory, assemblyName.Name + ".dll") is { } beside && File.Exists(beside))
            {
                found = beside;
            }

            return found is null ? null : LoadFromAssemblyPath(found);
        }
    }
}
