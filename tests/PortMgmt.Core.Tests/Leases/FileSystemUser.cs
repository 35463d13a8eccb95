using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Xunit;

namespace PortMgmt.Core.Tests.Leases;

/// <summary>
/// Runs code as another user in the eyes of the file system: on Linux setfsuid counts for one thread alone and takes root's
/// privileges over files with it.
/// </summary>
internal static partial class FileSystemUser
{
    public const uint Nobody = 65534;

    public static void Run(uint user, Action work)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root on Linux can try the rights of another user on files");
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            _ = SetFileSystemUser(user);
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    public static void ChangeOwner(string path, uint user) => Assert.Equal(0, ChangeOwner(path, user, user));

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
