using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.TestProcess;

/// <summary>Uses up the descriptors of this process but for a few, until it is disposed of.</summary>
internal sealed unsafe partial class Descriptors : IDisposable
{
    private const int OpenFilesLimit = 7;
    private const ulong Limit = 512;

    private readonly List<SafeFileHandle> _files = [];
    private readonly nuint _limitBefore;

    /// <summary>Leaves so many descriptors free.</summary>
    public Descriptors(int free)
    {
        nuint* limit = stackalloc nuint[2];
        _ = GetLimit(OpenFilesLimit, limit);
        _limitBefore = limit[0];
        SetSoftLimit((nuint)Limit);
        try
        {
            while (true)
            {
                _files.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            // That was the last.
        }

        for (int i = 0; i < free; i++)
        {
            _files[^1].Dispose();
            _files.RemoveAt(_files.Count - 1);
        }
    }

    public void Dispose()
    {
        SetSoftLimit(_limitBefore);
        _files.ForEach(static file => file.Dispose());
    }

    private static void SetSoftLimit(nuint soft)
    {
        nuint* limit = stackalloc nuint[2];
        _ = GetLimit(OpenFilesLimit, limit);
        limit[0] = soft;
        _ = SetLimit(OpenFilesLimit, limit);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, nuint* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, nuint* limit);
}
