# Gets and lays out what the runs need. Each step finds out whether it has been done, so that a second run costs seconds.

say() {
    echo "== $*"
}

fail() {
    echo "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_wine() {
    if command -v wine >/dev/null && command -v script >/dev/null; then
        say "Wine is here: $(wine --version 2>/dev/null | tail -1)"
        return
    fi
    command -v apt-get >/dev/null || fail 'Wine is not here, and neither is apt-get: install Wine for 64 bits, 8.0 or later, and script(1).'
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || fail 'Wine is not here. Run this as root or with sudo, or: sudo apt-get install --no-install-recommends wine wine64'
    say 'installing Wine (0.6 GB)'
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine wine64 bsdutils
}

prefix_of() {
    [ "$1" = 1 ] && echo "$cache/prefix" || echo "$cache/prefix-$1"
}

# A Windows for each lane, not that of the user.
make_prefixes() {
    export WINEPREFIX=$cache/prefix WINEARCH=win64 WINEDEBUG=-all
    # Names of files go through the locale, and where that is not there, only those of ASCII.
    export LC_ALL=C.UTF-8
    # With mscoree overridden .NET does not start. Nobody wants a debugger, menus or a browser.
    export WINEDLLOVERRIDES='mshtml=;winemenubuilder.exe=d;winedbg.exe=d'
    # The runtime's code pages that are writable or executable, never both, do not survive in Wine.
    export DOTNET_EnableWriteXorExecute=0
    if [ ! -f "$cache/prefix.done" ]; then
        say 'making a Windows'
        rm -rf "$WINEPREFIX"
        wineboot -i >/dev/null 2>&1
        wine winecfg -v win10 >/dev/null 2>&1
        wineserver -w
        touch "$cache/prefix.done"
    fi
    local lane prefix
    for ((lane = 2; lane <= lanes; lane++)); do
        prefix=$(prefix_of $lane)
        [ ! -f "$prefix.done" ] || continue
        rm -rf "$prefix"
        cp -a "$cache/prefix" "$prefix"
        touch "$prefix.done"
    done
}

# The files of the checkout, changed and new ones included: a run takes its time, and the checkout may change meanwhile.
copy_checkout() {
    source=$cache/source
    mkdir -p "$source"
    (cd "$repository" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done) \
        | LC_ALL=C sort -z > "$cache/files.new"
    if [ -f "$cache/files" ]; then
        LC_ALL=C comm -z -23 "$cache/files" "$cache/files.new" | (cd "$source" && xargs -0r rm -f)
    fi
    tar -C "$repository" -c --null -T "$cache/files.new" | tar -C "$source" -x
    mv "$cache/files.new" "$cache/files"
    state=$( (cd "$source" && xargs -0 sha256sum < "$cache/files"; dotnet --version) | sha256sum)
}

# Assemblies are the same on every system: those of the checkout are taken, in which only what has changed is compiled anew. Programs differ by
# the hosts that start them, and these are made here. The servers that a build leaves behind must not keep the lock (9).
build_for_windows() {
    if [ "$(cat "$cache/built" 2>/dev/null)" = "$state" ]; then
        say 'built already'
        return
    fi
    say 'building'
    rm -f "$cache/built"
    dotnet build "$repository/tests/windows/windows.slnf" -v q -clp:NoSummary -p:Precompile=false 9>&- || fail 'The tests cannot be built.'
    copy_built
    dotnet build "$source/tests/windows/hosts.proj" -t:MakeHosts -v q -clp:NoSummary 9>&- || fail 'The runtime for Windows cannot be had from the package feed.'
    echo "$state" > "$cache/built"
}

copy_built() {
    rm -rf "$source"/{src,tests}/*/{bin,obj} "$source/module/bin"
    (cd "$repository" && tar -c {src,tests}/*/bin/Debug/net10.0 module/bin/any module/bin/rabbitmq) | tar -C "$source" -x
}

# property_of NAME JSON: its value, of those that msbuild -getProperty wrote.
property_of() {
    sed -n "s/^ *\"$1\": \"\(.*\)\",\?$/\1/p" <<< "$2"
}

# A shared framework, from its packages as they are. There is no dotnet.exe: programs have their own hosts.
lay_out_runtime() {
    local properties
    properties=$(dotnet msbuild "$source/tests/windows/hosts.proj" -getProperty:NuGetPackageRoot,BundledNETCoreAppPackageVersion,PowerShellVersion)
    packages=$(property_of NuGetPackageRoot "$properties")
    version=$(property_of BundledNETCoreAppPackageVersion "$properties")
    engine_version=$(property_of PowerShellVersion "$properties")
    runtime=$cache/runtime-$version
    [ ! -f "$runtime/done" ] || return 0
    say "laying out .NET $version for Windows"
    rm -rf "$cache"/runtime-*
    local framework pack
    for framework in Microsoft.NETCore.App Microsoft.WindowsDesktop.App; do
        pack=$packages${framework,,}.runtime.win-x64/$version/runtimes/win-x64
        mkdir -p "$runtime/shared/$framework/$version"
        cp "$pack"/lib/net10.0/*.* "$pack"/native/* "$runtime/shared/$framework/$version/"
    done
    mkdir -p "$runtime/host/fxr/$version"
    cp "$runtime/shared/Microsoft.NETCore.App/$version/hostfxr.dll" "$runtime/host/fxr/$version/"
    # An exception that crosses the interpreted form of MethodBase.Invoke leaves a frame behind in Wine 8, over which the next one kills its
    # thread: the second failed or skipped test of a process, and it would stand still. The compiled form does not.
    echo '{ "runtimeOptions": { "tfm": "net10.0", "configProperties": { "Switch.System.Reflection.ForceEmitInvoke": true } } }' \
        > "$runtime/shared/Microsoft.NETCore.App/$version/Microsoft.NETCore.App.runtimeconfig.json"
    touch "$runtime/done"
}

# The package of the engine has it in intermediate language only, which each of the hundreds of shells would compile anew; an installed
# PowerShell is compiled ahead, and so is this one. What cannot be compiled stays as it is.
compile_engine() {
    local of=$engine_version package name compiler=${packages}microsoft.netcore.app.crossgen2.linux-x64/$version/tools/crossgen2
    package=${packages}powershell/$of/tools/net10.0/any
    judging_engine=$package/unix/pwsh.dll
    engine=$cache/engine-$of-$version
    [ ! -f "$engine/done" ] || return 0
    say "compiling PowerShell $of ahead"
    rm -rf "$cache"/engine-*
    cp -r "$package/win" "$engine"
    for name in System.Management.Automation Microsoft.PowerShell.{Commands.Management,Commands.Utility,ConsoleHost,Security} Newtonsoft.Json pwsh; do
        if "$compiler" "$package/win/$name.dll" --out "$engine/$name.new" --targetos windows --targetarch x64 -O -r "$package/win/*.dll" \
            -r "$runtime/shared/Microsoft.NETCore.App/$version/*.dll" -r "$runtime/shared/Microsoft.WindowsDesktop.App/$version/*.dll" >"$cache/compile.log" 2>&1; then
            mv "$engine/$name.new" "$engine/$name.dll"
        else
            tail -5 "$cache/compile.log"
            rm -f "$engine/$name.new"
        fi
    done
    touch "$engine/done"
}
