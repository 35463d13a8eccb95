BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Export-DaemonReport' {
    BeforeEach {
        $file = Join-Path $TestDrive "$([guid]::NewGuid().ToString('n')).html"
        $null = New-Daemon test -MaxConcurrent 2
    }

    AfterEach {
        Get-Daemon test* | Remove-Daemon
    }

    It 'writes one page that has what ran, what was slow and what failed' {
        $null = 1..30 | Start-OperationBatch -Daemon test -Type { 'kind' + $_ % 2 } { if ($_ -eq 7) { throw 'no luck' }; $_ }
        Export-DaemonReport $file -Name test | Should -BeNullOrEmpty
        $page = Get-Content -Path $file -Raw
        $page | Should -Match '<h1 id="d1-h">test</h1>'
        $page | Should -Match '<dt>Operations</dt><dd>30</dd>'
        $page | Should -Match 'no luck'
        $page | Should -Match 'kind1'
        ([regex]::Matches($page, '<svg ')).Count | Should -Be 4 -Because 'each of two charts is there in two sizes'
    }

    It 'shows inputs that are text or numbers, and for others calls no code of theirs' {
        $calls = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $thing = [pscustomobject]@{ A = 1 } | Add-Member -MemberType ScriptMethod -Name ToString -Value { $calls.Enqueue(1); 'spoken' } -Force -PassThru
        $null = 'plain input', 4711, $thing | Start-OperationBatch -Daemon test { 1 }
        Export-DaemonReport $file -Name test
        $page = Get-Content -Path $file -Raw
        $page | Should -Match 'plain input'
        $page | Should -Match '4711'
        $page | Should -Not -Match 'spoken'
        $calls.Count | Should -Be 0
    }

    It 'never takes a name, an id or an error for markup' {
        $null = New-Daemon 'test<script>1</script>'
        $null = '<img src=x>' | Start-OperationBatch -Daemon 'test<script>1</script>' -Id { $_ } -Type '<b>' { throw "<svg onload=`"x`">`e[2J" }
        Get-Daemon 'test<*' | Export-DaemonReport $file
        $page = Get-Content -Path $file -Raw
        $page | Should -Not -Match '<script|<img|<svg onload|<b>&lt;b'
        $page | Should -Not -Match "`e"
        $page | Should -Match '&lt;img src=x&gt;'
        $page | Should -Match '&lt;svg onload='
    }

    It 'puts all daemons of the pipeline into one page' {
        $null = New-Daemon test2
        Get-Daemon test* | Export-DaemonReport $file
        (Get-Content -Path $file -Raw) | Should -Match '(?s)<h1 id="d1-h">test</h1>.*<h1 id="d2-h">test2</h1>'
    }

    It 'keeps a file that is there, unless it may overwrite it' {
        Set-Content -Path $file -Value 'mine'
        { Export-DaemonReport $file } | Should -Throw -ErrorId 'ReportExists,*'
        Get-Content -Path $file | Should -Be 'mine'
        Export-DaemonReport $file -Force
        Get-Content -Path $file -Raw | Should -Match '^<!DOCTYPE html>'
        Get-ChildItem -Path $TestDrive -Force -Filter '*.tmp' | Should -BeNullOrEmpty
    }

    It 'puts the file out on request, and takes a path of this location' {
        Push-Location -Path $TestDrive
        try {
            (Export-DaemonReport (Split-Path -Path $file -Leaf) -PassThru).FullName | Should -Be $file
            $null = Set-Content -Path $file -Value 'old'
            $again = Export-DaemonReport $file -Force -PassThru
            $again.Length | Should -BeGreaterThan 1000
            $again.Length | Should -Be (Get-Item -Path $file).Length
        }
        finally {
            Pop-Location
        }
    }

    It 'takes the name first, as all cmdlets of daemons do, and a file alone' {
        Export-DaemonReport test $file
        Get-Content -Path $file -Raw | Should -Match 'test'
        Export-DaemonReport -Path $file -Name test -Force
        'test' | Export-DaemonReport $file -Force
        { Export-DaemonReport test } | Should -Throw -ExpectedMessage '*To which file is the report to be written*' -ErrorId 'ReportFileMissing,*'
        { Export-DaemonReport } | Should -Throw -ErrorId 'ReportFileMissing,*'
    }

    It 'writes nothing with -WhatIf, and nothing where there is no such daemon' {
        Export-DaemonReport $file -WhatIf
        Export-DaemonReport $file -Name testno -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.FullyQualifiedErrorId | Should -BeLike 'DaemonNotFound,*'
        Test-Path -Path $file | Should -BeFalse
    }

    It 'says why it cannot write' {
        { Export-DaemonReport (Join-Path $TestDrive 'no/such/report.html') } | Should -Throw -ErrorId 'ReportNotWritten,*'
    }

    It 'has findings by the limit that it is given' {
        $null = 1 | Start-OperationBatch -Daemon test { Start-Sleep -Milliseconds 30 }
        Export-DaemonReport $file -Name test -AlertP99 1ms
        Get-Content -Path $file -Raw | Should -Match 'SlowTail'
    }
}
