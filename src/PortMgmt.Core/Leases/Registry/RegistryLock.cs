using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Leases.Registry;

/// <summary>The lock of a registry, held until it is disposed.</summary>
/// <param name="file">The lock file, closed here.</param>
internal sealed class RegistryLock(SafeFileHandle file) : IDisposable
{
    /// <summary>The open lock file.</summary>
    public SafeFileHandle File => file;

    /// <summary>The turn by which the lock was got where others wait.</summary>
    public IDisposable? Turn { get; set; }

    public void Dispose()
    {
        // In this order: whoever's turn is next finds the lock free.
        file.Dispose();
        Turn?.Dispose();
    }
}
